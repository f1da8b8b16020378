"""Names that go together: spellings of one name, names of twins, surnames that come in twos, short names.

Rules:
 * A group of spellings is one name brought into Latin letters in several ways, or with and without its marks. The
   register holds one of them; a request may use another.
 * The names of a pair of twins are two names, which somebody who mishears or mistypes takes for one another.
 * A table here says what is written, never whether two people are one: nothing of the gate reads it.
"""

from __future__ import annotations

from collections.abc import Sequence

Groups = Sequence[tuple[str, ...]]


def _groups(table: str) -> Groups:
    return tuple(tuple(row.split()) for row in table.strip().splitlines())


MALE: Groups = _groups("""
Mohammed Muhammad Mohamed Mohammad Mohamad
Ahmed Ahmad Achmed
Yusuf Youssef Yousef Yusef
Sergei Sergey Serhiy
Dmitri Dmitry Dimitri Dmitriy
Aleksandr Alexandr Oleksandr
Yevgeny Evgeny Evgeniy
Hussein Husain Hussain Hossein
Ibrahim Ebrahim Ibraheem
Khaled Khalid Haled
Abdullah Abdallah Abdulla
Omar Umar Omer
Hassan Hasan Hassane
Mahmoud Mahmud Mehmood
Tariq Tarek Tarik
Mustafa Moustafa Mostafa
Jamal Gamal Djamal
Vyacheslav Viacheslav
Yuri Yury Iouri
Nikolai Nikolay Mykola
Ruben Reuven Rubén
José Jose
Jesús Jesus
Ramón Ramon
Iván Ivan
Sebastián Sebastian
Zhiqiang Chihchiang
Xiaoming Hsiaoming
Seung-Ho Sungho
Young-Jin Yongjin
""")
FEMALE: Groups = _groups("""
Fatima Fatimah Fatma Fatemeh
Aisha Ayesha Aicha Aysha
Natalia Nataliya Natalya
Tatiana Tatyana Tetiana
Yulia Iuliia Yuliya
Oksana Oxana
Ksenia Xenia Kseniya
Khadija Khadijah Hadija
Mariam Maryam Meryem
Zainab Zaynab Zeinab
Leila Layla Laila
Halima Haleema Halimah
Ekaterina Yekaterina Kateryna
Ludmila Lyudmila Liudmila
Svetlana Svitlana
Olena Elena Yelena
Noor Nour Nur
Samira Sameera
María Maria
Sofía Sofia
Inés Ines
Mónica Monica
Verónica Veronica
Xiaoyan Hsiaoyen
Mei-Ling Meiling
Soo-Jin Sujin
Eun-Young Eunyoung
""")
LAST: Groups = _groups("""
Nguyen Nguyễn
Tran Trần
Pham Phạm
Zhang Chang
Xu Hsu
Cai Tsai
Huang Hwang
Zhou Chou
Xie Hsieh
Park Pak
Choi Choe
Jung Jeong Chung
Hussein Hussain Husain
Rahman Rehman
Chowdhury Choudhury Chaudhry
Siddiqui Siddiqi Siddiky
Mohammed Mohamed Muhammad
Ahmed Ahmad
Ivanov Ivanoff
Petrov Petroff
Shevchenko Chevchenko
Kovalenko Covalenco
Yusupov Iusupov
Muñoz Munoz
Núñez Nunez
Peña Pena
Ibáñez Ibanez
González Gonzalez Gonzales
Pérez Perez
Hernández Hernandez
Sánchez Sanchez
Özdemir Ozdemir
Łukasz Lukasz
Đặng Dang
Søndergaard Sondergaard
""")

TWIN_MALE: Groups = _groups("""
Jon Jan
Eric Erik
Marcus Markus
Daniel Danial
Brandon Brendan
Aaron Aron
Justin Dustin
Darren Darryl
Kevin Kelvin
Tim Tom
Jayden Hayden
Luis Louis
Carlo Carlos
Mario Marco
Jesse Jessie
Alan Allen
Brian Bryan
Stefan Steven
Ray Roy
Don Ron
""")
TWIN_FEMALE: Groups = _groups("""
Maria Marie
Ana Anna
Sara Sarah
Kristin Kristen
Erica Erika
Karen Karin
Tina Gina
Carla Carly
Julia Julie
Diana Diane
Joan Jean
Lori Laura
Jenna Jenny
Ella Ellie
Mia Mya
Lisa Liza
Christina Christine
Michelle Rochelle
Angela Angelina
Elena Helena
""")

_SPANISH = """
Garcia Martinez Rodriguez Hernandez Lopez Gonzalez Perez Sanchez Rivera Ramirez Torres Gonzales Flores Diaz
Gomez Ortiz Cruz Morales Reyes Ramos Ruiz Chavez Vasquez Gutierrez Castillo Jimenez Romero Moreno Herrera Medina
Alvarez Vargas Castro Mendez Guzman Fernandez Munoz Salazar Garza Soto Vega Alvarado Delgado Contreras Pena Rios
Guerrero Sandoval Ortega Estrada Nunez Maldonado Dominguez Vazquez Espinoza Rojas Marquez Padilla Mejia Juarez
Figueroa Acosta Avila Molina Campos Cabrera Ayala Navarro Santiago Leon Serrano Cortez Fuentes Aguilar
"""
SPANISH: tuple[str, ...] = tuple(_SPANISH.split())
"""Last names that two-surname families are given in twos, with the weight that the census gives each."""
PARTICLED: tuple[str, ...] = (
    "de la Cruz", "de la Rosa", "de la Torre", "de la Garza", "de Leon", "de Jesus", "de los Santos",
    "del Rio", "del Valle", "de la Fuente", "de Luna", "de la Paz", "van den Berg", "von Stein",
    "da Silva", "dos Santos",
)  # fmt: skip
